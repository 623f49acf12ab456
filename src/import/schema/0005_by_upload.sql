CREATE INDEX import_by_upload ON import (upload_id);
