"""BLAKE3 of a file, streamed, so that size does not matter."""

from pathlib import Path

from blake3 import blake3


def hash_file(path: Path) -> str:
    """The BLAKE3-256 of a file's content in hex, as `b3sum` prints it; raises OSError as the system does."""
    digest = blake3()
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
