-- The office that has the matter of a task: its head watches over everything open there, whoever must act. The column
-- `office` is that of the pool, which may be another body.
ALTER TABLE open_task ADD COLUMN home_office TEXT NOT NULL DEFAULT '';
UPDATE open_task SET home_office = (SELECT matter.office FROM matter WHERE matter.number = open_task.number);
CREATE INDEX open_task_home_office ON open_task (home_office, due, number);
