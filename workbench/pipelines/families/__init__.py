"""One file a family of models: ``workbench.pipelines.registry`` finds them, in the order of their ``place``."""
