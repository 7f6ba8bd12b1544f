"""Official documents as people and programs meet them: cards, writing, boxes, versions, attachments."""
