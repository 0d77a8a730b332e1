"""What bibliographic services say about papers: sources, where their answers are kept, one way to look up."""
