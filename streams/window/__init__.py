"""The fast twin of `streams.domain`: a partition's diaries packed in arrays, judged by compiled code (D2).

What is computed is the domain's, byte for byte; a property over random journals holds the two together.
"""
