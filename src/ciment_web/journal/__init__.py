"""Mission acts: what a worker says for the person, one line in a journal, without quorum or judgement."""
