"""A drafting child: makes templates of partners' mail, one a job; `drafts.Drafts` runs it.

It is run as `python -m normalizer.draft_child LIMITS`; there is no other use.
"""

from normalizer.child import main

if __name__ == "__main__":
    from normalizer.partners.drafting import make
    from records.partner_template import Wanted

    main(make, Wanted)
