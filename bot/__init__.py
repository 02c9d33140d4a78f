"""The bot: doors, features, and the helpers they share.

`app -> doors -> features -> bot.slack and the other helpers -> store`. Features never import each other:
they meet in the store. The doors (`command`, `home`, `chat`, `nudges`, `mydata`) know every feature.
"""
