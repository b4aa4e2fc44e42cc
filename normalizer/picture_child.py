"""A drawing child: makes pictures of pages, one a job; `pictures.Pictures` runs it.

It is run as `python -m normalizer.picture_child LIMITS`; there is no other use.
"""

from normalizer.child import main

if __name__ == "__main__":
    from normalizer.paper.drawing import draw
    from normalizer.pictures import Wanted

    main(draw, Wanted)
