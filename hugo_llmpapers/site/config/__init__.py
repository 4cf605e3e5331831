"""`params.llmpapers`: what each setting may be, where it is set, and who may set it."""
