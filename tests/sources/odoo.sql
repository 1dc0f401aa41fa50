-- A small company in the shape of Odoo 16's tables: what the preset reads of them, and rows of our own.
CREATE TABLE res_currency(id int, name text);
INSERT INTO res_currency VALUES (1, 'EUR'), (2, 'USD');
CREATE TABLE res_company(id int, partner_id int, currency_id int);
INSERT INTO res_company VALUES (1, 1, 1);
CREATE TABLE res_country(id int, code text);
INSERT INTO res_country VALUES (75, 'FR'), (233, 'US');
CREATE TABLE res_partner_industry(id int, name jsonb);
INSERT INTO res_partner_industry VALUES (3, '{"en_US": "Retail", "fr_FR": "Commerce"}');
CREATE TABLE res_partner(id int, name text, is_company bool, commercial_partner_id int, country_id int, city text, industry_id int, user_id int, active bool, create_date timestamp, write_date timestamp);
INSERT INTO res_partner VALUES
  (1, 'Atelier', true, 1, 75, 'Lyon', NULL, NULL, true, '2024-01-01', '2024-01-01'), (5, 'Ann', false, 5, NULL, NULL, NULL, NULL, true, '2024-01-01', '2024-01-01'),
  (6, 'Bob', false, 6, NULL, NULL, NULL, NULL, true, '2024-01-01', '2024-01-01'), (10, 'Dupont SA', true, 10, 75, 'Lyon', 3, 5, true, '2025-01-01', '2025-01-01'),
  (11, 'Claire Dupont', false, 10, 75, 'Lyon', NULL, NULL, true, '2025-01-02', '2025-01-02'), (12, 'Paul', false, 12, 75, 'Lille', NULL, NULL, true, '2025-01-02', NULL),
  (13, 'Martin Inc', true, 13, 233, 'Boston', NULL, 6, false, '2025-01-03', '2025-03-01');
CREATE TABLE res_users(id int, login text, partner_id int, active bool, share bool, create_date timestamp);
INSERT INTO res_users VALUES (5, 'ann@example.org', 5, true, false, '2024-01-01'), (6, 'bob@example.org', 6, false, false, '2024-01-01'), (7, 'paul@example.org', 12, true, true, '2025-01-02');
CREATE TABLE crm_team(id int, name jsonb, active bool);
INSERT INTO crm_team VALUES (1, '{"en_US": "Direct", "fr_FR": "Directe"}', true);
CREATE TABLE crm_team_member(id int, user_id int, crm_team_id int, active bool);
INSERT INTO crm_team_member VALUES (1, 5, 1, true);
CREATE TABLE crm_stage(id int, name jsonb, sequence int, is_won bool, team_id int);
INSERT INTO crm_stage VALUES (4, '{"en_US": "Won", "fr_FR": "Gagné"}', 70, true, NULL), (1, '{"en_US": "New", "fr_FR": "Nouveau"}', 0, false, NULL), (2, '{"en_US": "Qualified"}', 10, NULL, NULL),
  (3, '{"en_US": "Proposition", "fr_FR": "Proposition"}', 20, false, NULL);
CREATE TABLE crm_lost_reason(id int, name jsonb);
INSERT INTO crm_lost_reason VALUES (1, '{"en_US": "Too expensive", "fr_FR": "Trop cher"}');
CREATE TABLE utm_source(id int, name text);
INSERT INTO utm_source VALUES (1, 'Newsletter');
CREATE TABLE utm_medium(id int, name text);
CREATE TABLE crm_lead(id int, type text, name text, active bool, partner_id int, user_id int, team_id int, company_id int, stage_id int, probability float8, expected_revenue numeric, recurring_revenue_monthly numeric,
  date_conversion timestamp, date_closed timestamp, date_deadline date, date_last_stage_update timestamp, lost_reason_id int, source_id int, medium_id int, campaign_id int, create_date timestamp, write_date timestamp);
-- 20 was a lead, and is won. 21 is lost: archived. 22 is open, though somebody wrote 100 % by hand, and was moved by an import. 23 and 24 are leads, one of them archived. 25 is archived, and not lost.
INSERT INTO crm_lead VALUES
  (20, 'opportunity', 'Desks', true, 11, 5, 1, 1, 4, 100, 1000, 50, '2025-01-10 09:00', '2025-02-10 09:00', '2025-02-28', '2025-02-10 09:00', NULL, 1, NULL, 8, '2025-01-05 23:30', '2025-02-10 09:00'),
  (21, 'opportunity', 'Chairs', false, 12, 6, 1, 1, 2, 0, 400, NULL, NULL, '2025-02-01 10:00', '2025-02-28', '2025-01-15 09:00', 1, NULL, NULL, NULL, '2025-01-07 09:00', '2025-02-01 10:00'),
  (22, 'opportunity', 'Lamps', true, 13, 5, 1, NULL, 3, 100, 700, NULL, NULL, NULL, '2025-04-30', '2025-03-05 09:00', NULL, NULL, NULL, NULL, '2025-02-15 09:00', '2025-03-05 09:00'),
  (23, 'lead', 'Asked', true, NULL, 5, 1, 1, 2, 10, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, '2025-03-01 09:00', '2025-03-01 09:00'),
  (24, 'lead', 'Spam', false, NULL, NULL, 1, 1, 1, 0, NULL, NULL, NULL, '2025-03-03 09:00', NULL, NULL, NULL, NULL, NULL, NULL, '2025-03-02 09:00', '2025-03-03 09:00'),
  (25, 'opportunity', 'Shelves', false, 13, 5, 1, 1, 1, 30, 90, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2025-03-02 09:00', '2025-03-02 09:00');
CREATE TABLE ir_model_fields(id int, name text, model text);
INSERT INTO ir_model_fields VALUES (900, 'stage_id', 'crm.lead'), (901, 'user_id', 'crm.lead'), (902, 'stage_id', 'project.task');
CREATE TABLE mail_message(id int, model text, res_id int, date timestamp, author_id int);
CREATE TABLE mail_tracking_value(id int, mail_message_id int, field int, old_value_integer int, new_value_integer int);
INSERT INTO mail_message VALUES (1, 'crm.lead', 20, '2025-01-12 09:00', 5), (2, 'crm.lead', 20, '2025-01-20 09:00', 5), (3, 'crm.lead', 20, '2025-02-10 09:00', 5), (4, 'crm.lead', 21, '2025-01-15 09:00', 6),
  (5, 'crm.lead', 22, '2025-02-20 09:00', 5), (6, 'crm.lead', 23, '2025-03-01 10:00', 5), (7, 'project.task', 20, '2025-01-13 09:00', 5), (8, 'crm.lead', 20, '2025-01-21 09:00', 5);
INSERT INTO mail_tracking_value VALUES (1, 1, 900, 1, 2), (2, 2, 900, 2, 3), (3, 3, 900, 3, 4), (4, 4, 900, 1, 2), (5, 5, 900, 1, 2), (6, 6, 900, 1, 2), (7, 7, 902, 1, 2), (8, 1, 901, 6, 5), (9, 8, 900, 3, 3);
CREATE TABLE product_category(id int, complete_name text);
INSERT INTO product_category VALUES (2, 'All / Furniture');
CREATE TABLE product_template(id int, name jsonb, detailed_type text, type text, list_price numeric, categ_id int, active bool);
INSERT INTO product_template VALUES (7, '{"en_US": "Desk", "fr_FR": "Bureau"}', 'product', 'product', 312.5, 2, true);
CREATE TABLE product_product(id int, product_tmpl_id int, default_code text, active bool);
INSERT INTO product_product VALUES (50, 7, 'D1', true);
CREATE TABLE sale_order(id int, name text, partner_id int, user_id int, team_id int, opportunity_id int, state text, date_order timestamp, amount_untaxed numeric, amount_tax numeric, amount_total numeric,
  currency_id int, source_id int, medium_id int, campaign_id int, create_date timestamp, write_date timestamp);
INSERT INTO sale_order VALUES (30, 'S30', 11, 5, 1, NULL, 'sent', '2025-03-02 10:00', 80, 16, 96, 1, NULL, NULL, NULL, '2025-03-01 10:00', '2025-03-02 10:00'),
  (31, 'S31', 11, 5, 1, 20, 'sale', '2025-02-10 10:00', 1000, 200, 1200, 1, 1, NULL, 8, '2025-01-20 10:00', '2025-02-10 10:00'),
  (32, 'S32', 12, 5, 1, 21, 'cancel', '2025-01-20 10:00', 400, 80, 480, 1, NULL, NULL, NULL, '2025-01-20 10:00', '2025-02-01 10:00');
CREATE TABLE sale_order_line(id int, order_id int, sequence int, product_id int, product_uom_qty numeric, price_unit numeric, discount numeric, price_subtotal numeric, display_type text, is_downpayment bool, create_date timestamp, write_date timestamp);
INSERT INTO sale_order_line VALUES (40, 31, 10, 50, 4, 312.5, 20, 1000, NULL, false, '2025-01-20 10:00', '2025-01-20 10:00'), (41, 31, 5, NULL, 0, 0, 0, 0, 'line_section', false, '2025-01-20 10:00', '2025-01-20 10:00');
CREATE TABLE account_move(id int, name text, move_type text, state text, commercial_partner_id int, invoice_date date, amount_untaxed numeric, amount_tax numeric, amount_total numeric, currency_id int,
  reversed_entry_id int, invoice_user_id int, team_id int, create_date timestamp, write_date timestamp);
INSERT INTO account_move VALUES (60, 'INV/1', 'out_invoice', 'posted', 10, '2025-02-15', 1000, 200, 1200, 1, NULL, 5, 1, '2025-02-14 10:00', '2025-02-15 10:00'),
  (61, 'RINV/1', 'out_refund', 'posted', 10, '2025-03-01', 100, 20, 120, 1, 60, 5, 1, '2025-03-01 10:00', '2025-03-01 10:00'),
  (62, '/', 'out_invoice', 'draft', 12, NULL, 50, 10, 60, 2, NULL, 5, 1, '2025-03-02 10:00', '2025-03-02 10:00'),
  (63, 'BILL/1', 'in_invoice', 'posted', 12, '2025-02-15', 70, 14, 84, 1, NULL, 5, NULL, '2025-02-14 10:00', '2025-02-15 10:00');
CREATE TABLE account_move_line(id int, move_id int, sequence int, product_id int, quantity numeric, price_unit numeric, discount numeric, price_subtotal numeric, display_type text);
INSERT INTO account_move_line VALUES (70, 60, 10, 50, 4, 312.5, 20, 1000, 'product'), (71, 60, 11, NULL, 1, 200, 0, 0, 'tax'), (72, 63, 10, 50, 1, 70, 0, 70, 'product');
CREATE TABLE sale_order_line_invoice_rel(order_line_id int, invoice_line_id int);
INSERT INTO sale_order_line_invoice_rel VALUES (40, 70);
