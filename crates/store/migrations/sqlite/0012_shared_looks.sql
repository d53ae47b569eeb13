-- Workers share the looks at clocks: until then (real time) somebody else looks at this one.
ALTER TABLE connections ADD COLUMN watch_lease_until INTEGER;
