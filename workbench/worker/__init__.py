"""The process that does the work, and how a face talks to it.

The face (the terminal interface) imports only ``client``, ``launch``, ``protocol``, ``place`` and ``filters``, which
import nothing heavy. Everything else runs in the worker process.
"""
