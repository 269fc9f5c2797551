-- The duty of the item a task belongs to, so that lists narrow to the duties a role works for without reading the
-- matter. Empty for what a body is asked by name, beside the steps: help, an answer, something late, a hand-over.
ALTER TABLE open_task ADD COLUMN duty TEXT NOT NULL DEFAULT '';
UPDATE open_task SET duty = (SELECT matter.duty FROM matter WHERE matter.number = open_task.number)
WHERE name NOT IN ('answer-message', 'serve', 'attend', 'accept-hand-over', 'co-handle', 'correct');
