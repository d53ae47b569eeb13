-- The channels that the last look found silent, as a JSON list of ids: that one hears again is told.
ALTER TABLE connections ADD COLUMN silent_channels TEXT NOT NULL DEFAULT '[]';
