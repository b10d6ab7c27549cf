"""The pages: server-rendered, working without script, holding no rule of their own."""
