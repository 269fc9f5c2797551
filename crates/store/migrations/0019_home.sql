-- Where the matter of a task belongs. `area` says where its work is done, which may be elsewhere; whoever supervises
-- watches the matters of their own area, wherever the work lies, and no others.
ALTER TABLE open_task ADD COLUMN home BIGINT NOT NULL DEFAULT 0;
UPDATE open_task SET home = (SELECT matter.area FROM matter WHERE matter.number = open_task.number);
CREATE INDEX open_task_home ON open_task (home, due, number);
