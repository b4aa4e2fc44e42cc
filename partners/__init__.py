"""The window for partners: other operators' tickets by TMF621 Trouble Ticket. Sees the archive and the nouns."""
