"""`python -m workbench.treeshap`: compile the walk into the user's cache, as installing does."""

from workbench.treeshap.warming import compile_here

if __name__ == "__main__":
    compile_here()
