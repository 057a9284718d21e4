"""As much of SMPP 3.4 as a bridge needs: bind as a transceiver, take texts, submit answers, stay in touch."""
