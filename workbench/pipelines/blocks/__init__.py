"""Feature blocks: derived columns that are learnt inside each fold, and that a search keeps only where they pay."""

from workbench.pipelines.blocks.expansion import BLOCK_COLUMNS, BLOCKS, SEPARATOR, Expansion, blocks_for

__all__ = ["BLOCKS", "BLOCK_COLUMNS", "SEPARATOR", "Expansion", "blocks_for"]
