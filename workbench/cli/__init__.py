"""The command line: one small file per command group; stdout is the result, stderr is progress and diagnosis."""
