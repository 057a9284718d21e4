"""Everything that touches Faust's or aiokafka's insides: chunks, transactions, checkpoints."""
