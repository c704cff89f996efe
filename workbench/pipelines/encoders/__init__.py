"""The second step of a pipeline: the prepared matrix as one family of models wants it."""

from workbench.pipelines.encoders._base import Encoder
from workbench.pipelines.encoders.bounded import BoundedEncoder
from workbench.pipelines.encoders.cluster import ClusterEncoder
from workbench.pipelines.encoders.expanded import ExpandedEncoder
from workbench.pipelines.encoders.linear import LinearEncoder
from workbench.pipelines.encoders.ordinal import OrdinalEncoder
from workbench.pipelines.encoders.plain import PlainEncoder

__all__ = [
    "BoundedEncoder",
    "ClusterEncoder",
    "Encoder",
    "ExpandedEncoder",
    "LinearEncoder",
    "OrdinalEncoder",
    "PlainEncoder",
]
