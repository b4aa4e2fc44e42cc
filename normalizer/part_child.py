"""A cutting child: gives one file of a mail, one a job; `parts.Parts` runs it.

It is run as `python -m normalizer.part_child LIMITS`; there is no other use.
"""

import hashlib

from normalizer.child import main
from normalizer.parts import Part, Wanted


def cut(wanted: Wanted) -> Part:
    """Find the file by its hash."""
    from normalizer.readers import mail

    files = mail.files(wanted.content).values()
    found = (one for one in files if hashlib.sha256(one).hexdigest() == wanted.sha256)
    return Part(content=next(found, None))


if __name__ == "__main__":
    main(cut, Wanted)
