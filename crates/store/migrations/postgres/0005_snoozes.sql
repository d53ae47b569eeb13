-- Who does not want to be reminded of a connection, and until when. One row per person and connection,
-- replaced by the next snooze: nothing has to be tidied up.
CREATE TABLE snoozes (
    user_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (user_id, connection_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connections (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX snoozes_by_connection ON snoozes (organization_id, connection_id);
