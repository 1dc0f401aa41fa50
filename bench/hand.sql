-- What `vigie board --from 2024-01-01 --to 2026-01-01 --by channel --compare previous_year` answers, written by hand for the
-- workspace of bench/make_orders.sh: the same cells, as few scans as one can, nothing that it does not show. 24 months and the
-- same a year before are 36 month numbers; a comparison is another row of the same result. What adds up is shown by month and
-- channel alone; the totals of what does not (distinct customers, medians, customers at both ends) have statements of their own,
-- over the two ranges of the question.
CREATE TEMP TABLE months AS
  SELECT i, (DATE '2023-01-01' + to_months(i::INTEGER))::DATE - DATE '1970-01-01' AS a, (DATE '2023-01-01' + to_months(i::INTEGER + 1))::DATE - DATE '1970-01-01' AS b
  FROM range(-11, 36) t(i);
CREATE TEMP TABLE days AS SELECT d::INTEGER AS day, i::INTEGER AS m FROM months, range(a, b) t(d) WHERE i >= 0;
CREATE TEMP TABLE ranges AS SELECT * FROM (VALUES (0, 0, 24), (1, 12, 36)) v(r, first, past);
-- One pass over the orders for the average sale, and the sales that revenue per employee needs.
CREATE TEMP TABLE sold AS
  SELECT m, channel, count(*) AS n, count(amount_net_base) AS priced, sum(amount_net_base) AS net, sum(amount_net_base::DOUBLE * amount_net_base::DOUBLE) AS squares
  FROM orders JOIN days ON ordered_at_day = day WHERE document = 'order' AND status = 'confirmed' GROUP BY m, channel;
-- 1. average sale, with the parts of its interval.
SELECT m, channel, net / priced, n, squares FROM sold;
-- The first order of each customer, and where its first 12 months end on the clock of the reporting zone: a day later where the
-- 29 February of 2024 (day 19782) lies between.
CREATE TEMP TABLE firsts AS
  SELECT customer_key, ordered_at_day, ordered_at + ordered_at_off * 60000000::BIGINT + (365 + (ordered_at_day >= 19417 AND ordered_at_day < 19782)::INTEGER) * 86400000000::BIGINT AS year_over FROM orders WHERE nth = 1 AND document = 'order' AND status = 'confirmed' AND customer_key IS NOT NULL;
-- 2. conversion within 90 days: leads whose window has closed, and those whose customer paid in it; beside it within 30 days.
CREATE TEMP TABLE leads_in AS
  SELECT m, l.source_channel AS channel, l.customer_key AS who, l.created_at_day + 90 <= 20454 AS closed, l.created_at_day + 30 <= 20454 AS closed_30,
         closed AND paid_day < l.created_at_day + 90 AS paid, closed_30 AND paid_day < l.created_at_day + 30 AS paid_30,
         l.created_at_day + 90 <= 20089 AS closed_then, closed_then AND paid_day < l.created_at_day + 90 AS paid_then
  FROM leads l JOIN days ON l.created_at_day = day LEFT JOIN (SELECT customer_key, ordered_at_day AS paid_day FROM firsts) p ON p.customer_key = l.customer_key;
SELECT m, channel, count(DISTINCT who), count(DISTINCT who) FILTER (WHERE closed), count(DISTINCT who) FILTER (WHERE paid), count(DISTINCT who) FILTER (WHERE closed_30), count(DISTINCT who) FILTER (WHERE paid_30)
FROM leads_in GROUP BY m, channel;
SELECT r, channel, count(DISTINCT who), count(DISTINCT who) FILTER (WHERE closed), count(DISTINCT who) FILTER (WHERE paid), count(DISTINCT who) FILTER (WHERE closed_30), count(DISTINCT who) FILTER (WHERE paid_30)
FROM leads_in JOIN ranges ON m >= first AND m < past GROUP BY r, channel;
SELECT r, count(DISTINCT who), count(DISTINCT who) FILTER (WHERE closed), count(DISTINCT who) FILTER (WHERE paid), count(DISTINCT who) FILTER (WHERE closed_30), count(DISTINCT who) FILTER (WHERE paid_30)
FROM leads_in JOIN ranges ON m >= first AND m < past GROUP BY r;
-- 3. median cycle of the deals won, with its order statistics, and the open deals that are older at the end.
CREATE TEMP TABLE cycles AS SELECT m, source_channel AS channel, closed_at_day - created_at_day AS cycle FROM opportunities JOIN days ON closed_at_day = day WHERE outcome = 'won';
CREATE TEMP TABLE open_ages AS
  SELECT i, source_channel AS channel, b - 1 - created_at_day AS age FROM opportunities JOIN months ON i >= 0 AND created_at_day < b AND (outcome = 'open' OR closed_at_day >= b);
CREATE TEMP TABLE medians AS SELECT m, channel, quantile_cont(cycle, 0.5) AS median, quantile_disc(cycle, 0.4) AS low, quantile_disc(cycle, 0.6) AS high, count(*) AS n FROM cycles GROUP BY m, channel;
SELECT m, x.channel, any_value(median), any_value(low), any_value(high), any_value(n), count(*) FILTER (WHERE age > median) FROM medians x LEFT JOIN open_ages o ON o.channel = x.channel AND o.i = x.m GROUP BY m, x.channel;
CREATE TEMP TABLE range_medians AS SELECT r, past, channel, quantile_cont(cycle, 0.5) AS median, quantile_disc(cycle, 0.4) AS low, quantile_disc(cycle, 0.6) AS high, count(*) AS n FROM cycles JOIN ranges ON m >= first AND m < past GROUP BY GROUPING SETS ((r, past, channel), (r, past));
SELECT r, x.channel, any_value(median), any_value(low), any_value(high), any_value(n), count(*) FILTER (WHERE age > median) FROM range_medians x LEFT JOIN open_ages o ON o.i = x.past - 1 AND (x.channel IS NULL OR x.channel = o.channel) GROUP BY r, x.channel;
-- 4, 5. churn and retention, 365 days: an order keeps its customer active until the next one or for 365 days, so at the starts
-- of the months after its own up to the one of that day; a leaver's time runs out in a month without another order. Counted
-- once by (own month, last month), spread over the months afterwards.
CREATE TEMP TABLE spells AS
  SELECT c.acquisition_channel AS channel, own, until, gone, sum(n)::BIGINT AS n
  FROM (SELECT customer_key, d.m AS own, least(coalesce(n.m, 36), coalesce(x.m, 36)) AS until, coalesce(n.m, 36) > coalesce(x.m, 36) AS gone, count(*) AS n
        FROM orders JOIN days d ON ordered_at_day = d.day LEFT JOIN days n ON next_at_day = n.day LEFT JOIN days x ON ordered_at_day + 365 = x.day
        WHERE document = 'order' AND status = 'confirmed' AND customer_key IS NOT NULL AND least(coalesce(n.m, 36), coalesce(x.m, 36)) > d.m GROUP BY ALL)
  JOIN customers c ON c.key = customer_key GROUP BY ALL;
SELECT i, channel, sum(n) AS opening, sum(n) FILTER (WHERE gone AND until = i) AS leavers FROM months JOIN spells ON own < i AND i <= until GROUP BY i, channel;
-- Beside it: who joined, being not active at the opening; nobody leaves in the month of a purchase.
SELECT m, c.acquisition_channel, count(*) FROM orders JOIN days d ON ordered_at_day = d.day JOIN months ON i = m JOIN customers c ON c.key = customer_key
WHERE document = 'order' AND status = 'confirmed' AND (prev_at IS NULL OR (prev_at_day < a AND prev_at_day + 365 < a)) GROUP BY ALL;
-- Of the ranges: customers active at the opening, at the end and at both, who bought between, by the last year before each end.
SELECT r, acquisition_channel, count(*) FILTER (WHERE opening), count(*) FILTER (WHERE opening AND closing), count(*) FILTER (WHERE NOT opening AND bought), count(*) FILTER (WHERE NOT opening AND bought AND NOT closing)
FROM (SELECT r, customer_key, bool_or(ordered_at_day < x.a AND ordered_at_day + 365 >= x.a) AS opening, bool_or(ordered_at_day < y.b AND ordered_at_day + 365 >= y.b) AS closing, bool_or(ordered_at_day >= x.a AND ordered_at_day < y.b) AS bought
      FROM orders JOIN ranges ON true JOIN months x ON x.i = first JOIN months y ON y.i = past - 1 WHERE document = 'order' AND status = 'confirmed' AND customer_key IS NOT NULL GROUP BY r, customer_key)
JOIN customers c ON c.key = customer_key GROUP BY ALL;
-- 6. acquisition cost over 12 months: spend and costs over new customers (what they brought stands with the value of customers).
CREATE TEMP TABLE acquired AS
SELECT coalesce(x.m, y.m) AS m, coalesce(x.channel, y.channel) AS channel, cost, new
FROM (SELECT m, channel, sum(amount) AS cost FROM (
        SELECT date AS day, channel, spend_base AS amount FROM channel_spend UNION ALL
        SELECT booked_on, channel, (amount_base::DECIMAL(14,4) * share::DECIMAL(4,2))::DECIMAL(18,6) FROM costs WHERE "function" IN ('sales', 'marketing')) JOIN days USING (day) GROUP BY m, channel) x
FULL JOIN (SELECT m, acquisition_channel AS channel, count(*) AS new FROM firsts JOIN customers c ON c.key = customer_key JOIN days ON ordered_at_day = day GROUP BY ALL) y
  ON x.m = y.m AND x.channel IS NOT DISTINCT FROM y.channel;
SELECT s.i, channel, sum(cost) AS cost, sum(new) AS new FROM months s JOIN acquired ON m BETWEEN s.i - 11 AND s.i WHERE s.i >= 0 GROUP BY s.i, channel;
-- 7. NPS: the latest answer of each respondent.
SELECT m, acquisition_channel, count(*), count(*) FILTER (WHERE last.score >= 9), count(*) FILTER (WHERE last.score IN (7, 8)), count(*) FILTER (WHERE last.score <= 6)
FROM (SELECT max_by({'score': score, 'day': answered_at_day, 'who': customer_key}, (answered_at, key)) AS last FROM survey_responses WHERE kind = 'nps' AND score IS NOT NULL GROUP BY respondent_key)
JOIN days ON day = last.day LEFT JOIN customers c ON c.key = last.who GROUP BY ALL;
-- 8. revenue of 12 months over the mean staff at their ends.
SELECT s.i, sum(r.net - coalesce(back, 0)), (SELECT sum(fte) FROM headcount, months e WHERE e.i BETWEEN s.i - 11 AND s.i AND from_date < e.b AND coalesce(to_date, 99999) >= e.b) / 12
FROM months s
JOIN (SELECT m, sum(net) AS net FROM sold GROUP BY m) r ON r.m BETWEEN s.i - 11 AND s.i
LEFT JOIN (SELECT m, sum(amount_net_base) AS back FROM refunds JOIN days ON refunded_at_day = day GROUP BY m) b ON b.m = r.m WHERE s.i >= 0 GROUP BY s.i;
-- What each customer has left so far and in its first year, and had left a year earlier (1735686000 is the 1 January 2025 in
-- Paris): values and returns are compared at equal age. The one pass over the lines.
CREATE TEMP TABLE value AS
  SELECT f.customer_key, c.acquisition_channel AS channel, m, sum(o.amount_net_base - cost) AS margin,
         sum(o.amount_net_base) FILTER (WHERE o.ordered_at + o.ordered_at_off * 60000000::BIGINT < f.year_over) AS revenue,
         sum(o.amount_net_base - cost) FILTER (WHERE o.ordered_at + o.ordered_at_off * 60000000::BIGINT < f.year_over) AS first_year,
         sum(o.amount_net_base - cost) FILTER (WHERE o.ordered_at < 1735686000000000) AS margin_then,
         sum(o.amount_net_base) FILTER (WHERE o.ordered_at < 1735686000000000 AND o.ordered_at + o.ordered_at_off * 60000000::BIGINT < f.year_over) AS revenue_then,
         sum(o.amount_net_base - cost) FILTER (WHERE o.ordered_at < 1735686000000000 AND o.ordered_at + o.ordered_at_off * 60000000::BIGINT < f.year_over) AS first_year_then
  FROM orders o
  JOIN (SELECT order_key, sum(unit * quantity::DECIMAL(6,0)) AS cost FROM order_lines JOIN (SELECT key, cost_base::DECIMAL(12,4) AS unit FROM products) p ON p.key = product_key GROUP BY order_key) l ON l.order_key = o.key
  JOIN firsts f ON f.customer_key = o.customer_key JOIN customers c ON c.key = f.customer_key JOIN days ON f.ordered_at_day = day
  WHERE o.document = 'order' AND o.status = 'confirmed' GROUP BY ALL;
UPDATE value SET margin = margin - back, first_year = first_year - back_in_year, revenue = revenue - back_in_year,
  margin_then = margin_then - back_then, first_year_then = first_year_then - back_in_year_then, revenue_then = revenue_then - back_in_year_then FROM (
  SELECT f.customer_key AS who, sum(r.amount_net_base) AS back, coalesce(sum(r.amount_net_base) FILTER (WHERE r.refunded_at + r.refunded_at_off * 60000000::BIGINT < f.year_over), 0) AS back_in_year,
    coalesce(sum(r.amount_net_base) FILTER (WHERE r.refunded_at < 1735686000000000), 0) AS back_then,
    coalesce(sum(r.amount_net_base) FILTER (WHERE r.refunded_at < 1735686000000000 AND r.refunded_at + r.refunded_at_off * 60000000::BIGINT < f.year_over), 0) AS back_in_year_then
  FROM refunds r JOIN orders o ON o.key = r.order_key JOIN firsts f ON f.customer_key = o.customer_key GROUP BY 1) WHERE who = customer_key;
-- 9. lifetime value to date, with the parts of its interval.
SELECT m, channel, sum(margin) / count(*), count(*), sum(margin::DOUBLE * margin::DOUBLE) FROM value GROUP BY m, channel;
SELECT m, channel, sum(margin_then) / count(*), count(*), sum(margin_then::DOUBLE * margin_then::DOUBLE) FROM value WHERE m < 24 GROUP BY m, channel;
-- 10. channel ROI over the trailing 12 months, with what stands beside it: customers, revenue and margin to date.
SELECT s.i, channel, sum(year) AS margin, sum(spent) AS spend, sum(revenue) AS revenue, sum(margin) AS to_date, sum(n) AS customers
FROM months s
JOIN (SELECT m, channel, sum(year) AS year, sum(spent) AS spent, sum(revenue) AS revenue, sum(margin) AS margin, sum(n) AS n FROM (
    SELECT m, channel, first_year AS year, 0 AS spent, revenue, margin, 1 AS n FROM value
    UNION ALL SELECT m, channel, 0, spend_base, 0, 0, 0 FROM channel_spend JOIN days ON date = day) GROUP BY ALL) v ON v.m BETWEEN s.i - 11 AND s.i
WHERE s.i >= 0 GROUP BY s.i, channel;
-- The same of the year before, as it stood a year earlier.
SELECT s.i, channel, sum(year) AS margin, sum(spent) AS spend, sum(revenue) AS revenue, sum(margin) AS to_date, sum(n) AS customers
FROM months s
JOIN (SELECT m, channel, sum(year) AS year, sum(spent) AS spent, sum(revenue) AS revenue, sum(margin) AS margin, sum(n) AS n FROM (
    SELECT m, channel, first_year_then AS year, 0 AS spent, revenue_then AS revenue, margin_then AS margin, 1 AS n FROM value
    UNION ALL SELECT m, channel, 0, spend_base, 0, 0, 0 FROM channel_spend JOIN days ON date = day) GROUP BY ALL) v ON v.m BETWEEN s.i - 11 AND s.i
WHERE s.i >= 0 AND s.i < 24 GROUP BY s.i, channel;
-- Also beside it: the distinct prospects of the 12 months, those whose window has closed, and those of them who paid in it. Months
-- are bits, so that each prospect is looked at once for all the 12 months that hold it. The same as it stood a year earlier.
CREATE TEMP TABLE met AS
  SELECT channel, mets, closed, paid, closed_then, paid_then, count(*) AS n FROM (
    SELECT channel, who, bit_or(1::BIGINT << m) AS mets, bit_or(1::BIGINT << m) FILTER (WHERE closed) AS closed, bit_or(1::BIGINT << m) FILTER (WHERE paid) AS paid,
           bit_or(1::BIGINT << m) FILTER (WHERE closed_then) AS closed_then, bit_or(1::BIGINT << m) FILTER (WHERE paid_then) AS paid_then
    FROM leads_in GROUP BY channel, who) GROUP BY ALL;
SELECT i, channel, sum(n) FILTER (WHERE mets & mask <> 0), sum(n) FILTER (WHERE closed & mask <> 0), sum(n) FILTER (WHERE paid & mask <> 0),
       sum(n) FILTER (WHERE closed_then & mask <> 0), sum(n) FILTER (WHERE paid_then & mask <> 0)
FROM met JOIN (SELECT i, CASE WHEN i < 11 THEN (1::BIGINT << (i + 1)) - 1 ELSE 4095::BIGINT << (i - 11) END AS mask FROM months WHERE i >= 0) ON mets & mask <> 0 GROUP BY i, channel;
