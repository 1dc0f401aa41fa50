CREATE SCHEMA sales;
CREATE TABLE sales.customers(id bigint PRIMARY KEY, name text, country text, changed timestamptz);
INSERT INTO sales.customers VALUES (1, 'Dupont', 'FR', '2025-01-02 09:00:00'), (2, 'Martin', 'FR', '2025-01-05 09:00:00'), (3, 'Rossi', 'IT', '2025-02-01 09:00:00');
CREATE TABLE sales.orders(id bigint PRIMARY KEY, placed timestamptz, customer_id bigint, net numeric, state text, changed timestamptz);
INSERT INTO sales.orders VALUES
  (101, '2025-01-06 10:00:00', 1, 120, 'paid', '2025-01-06 10:00:00'), (102, '2025-01-20 11:30:00', 2, 80, 'paid', '2025-01-20 11:30:00'),
  (103, '2025-02-03 15:00:00', 3, 200, 'paid', '2025-02-03 15:00:00'), (104, '2025-02-04 09:15:00', 1, 60, 'cancelled', '2025-02-05 09:00:00');
-- Vigie's own user reads, and can do nothing else.
CREATE ROLE vigie LOGIN PASSWORD 'only reads';
GRANT USAGE ON SCHEMA sales TO vigie;
GRANT SELECT ON ALL TABLES IN SCHEMA sales TO vigie;
