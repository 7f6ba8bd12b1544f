"""Files of any object of a service: tables, commands, types by content, limits, sweep. See docs/dev/ground.md."""

from shared.files.keeping import views
from shared.files.owners import Owners
from shared.files.service import WithFiles
from shared.files.tables import create_file, table

__all__ = ["Owners", "WithFiles", "create_file", "table", "views"]
