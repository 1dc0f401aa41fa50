CREATE TABLE llx_const(name VARCHAR(180), value VARCHAR(180), entity INT);
INSERT INTO llx_const VALUES ('MAIN_MONNAIE', 'EUR', 1), ('MAIN_MONNAIE', 'USD', 2), ('MAIN_LANG_DEFAULT', 'fr_FR', 1);
CREATE TABLE llx_c_country(rowid INT, code VARCHAR(2));
INSERT INTO llx_c_country VALUES (1, 'FR');
CREATE TABLE llx_c_typent(id INT, code VARCHAR(12), libelle VARCHAR(128));
INSERT INTO llx_c_typent VALUES (2, 'TE_GROUP', 'Grand groupe'), (8, 'TE_PRIVATE', 'Particulier');
CREATE TABLE llx_c_lead_status(rowid INT, code VARCHAR(10), label VARCHAR(128), position INT, percent DECIMAL(5,2), active INT);
INSERT INTO llx_c_lead_status VALUES (1, 'PROSP', 'Prospection', 10, 0, 1), (2, 'QUAL', 'Qualification', 20, 20, 1), (6, 'WON', 'Gagné', 60, 100, 1), (7, 'LOST', 'Perdu', 70, 0, 1);
CREATE TABLE llx_c_type_contact(rowid INT, element VARCHAR(30), source VARCHAR(8), code VARCHAR(32));
INSERT INTO llx_c_type_contact VALUES (31, 'propal', 'internal', 'SALESREPFOLL'), (41, 'propal', 'external', 'CUSTOMER'), (160, 'project', 'internal', 'PROJECTLEADER');
CREATE TABLE llx_element_contact(element_id INT, fk_c_type_contact INT, fk_socpeople INT);
INSERT INTO llx_element_contact VALUES (70, 31, 3), (70, 41, 99), (60, 160, 3), (71, 160, 99);
CREATE TABLE llx_element_element(fk_source INT, sourcetype VARCHAR(32), fk_target INT, targettype VARCHAR(32));
INSERT INTO llx_element_element VALUES (70, 'propal', 80, 'commande'), (80, 'commande', 91, 'facture'), (73, 'propal', 93, 'facture');
CREATE TABLE llx_user(rowid INT, lastname VARCHAR(50), firstname VARCHAR(50), email VARCHAR(255), statut INT, fk_user INT, dateemployment DATE, dateemploymentend DATE, entity INT);
INSERT INTO llx_user VALUES (1, 'Admin', NULL, NULL, 1, NULL, NULL, NULL, 0), (3, 'Roy', 'Zoé', 'zoe@example.org', 1, 1, '2024-01-01', NULL, 1), (4, 'Other', 'Al', NULL, 1, NULL, NULL, NULL, 2);
CREATE TABLE llx_societe(rowid INT, nom VARCHAR(128), client INT, fk_pays INT, town VARCHAR(50), fk_typent INT, parent INT, datec DATETIME, tms DATETIME, entity INT);
INSERT INTO llx_societe VALUES (10, 'Dupont', 1, 1, 'Lyon', 2, NULL, '2025-01-01 10:00:00', '2025-01-01 10:00:00', 1), (11, 'Éric Petit', 2, 1, 'Lille', 8, NULL, '2025-01-02 10:00:00', '2025-01-02 10:00:00', 1),
  (12, 'Fournisseur', 0, 1, NULL, 2, NULL, '2025-01-02 10:00:00', '2025-01-02 10:00:00', 1), (13, 'Ailleurs', 1, 1, NULL, 2, NULL, '2025-01-02 10:00:00', '2025-01-02 10:00:00', 2);
CREATE TABLE llx_product(rowid INT, ref VARCHAR(128), label VARCHAR(255), price DECIMAL(24,8), fk_product_type INT, tosell INT, duration VARCHAR(6), entity INT);
INSERT INTO llx_product VALUES (50, 'D1', 'Bureau', 250, 0, 1, NULL, 1), (51, 'S1', 'Entretien', 1200, 1, 1, '1y', 1);
CREATE TABLE llx_projet(rowid INT, ref VARCHAR(50), title VARCHAR(255), fk_soc INT, fk_opp_status INT, opp_percent DECIMAL(5,2), opp_amount DECIMAL(24,8), usage_opportunity INT, datec DATETIME, datee DATE, date_close DATETIME,
  fk_user_creat INT, tms DATETIME, entity INT);
INSERT INTO llx_projet VALUES (60, 'PJ60', 'Chantier', 10, NULL, NULL, NULL, 0, '2025-01-02 10:00:00', NULL, NULL, 1, '2025-01-02 10:00:00', 1);
-- Signed, refused, a draft, billed (of a version that did not know the signature's date), and one of another company.
CREATE TABLE llx_propal(rowid INT, ref VARCHAR(30), fk_soc INT, fk_projet INT, fk_statut INT, datep DATE, datec DATETIME, date_valid DATETIME, date_signature DATETIME, date_cloture DATETIME, fin_validite DATE,
  total_ht DECIMAL(24,8), total_tva DECIMAL(24,8), total_ttc DECIMAL(24,8), fk_user_author INT, tms DATETIME, entity INT);
INSERT INTO llx_propal VALUES (70, 'PR70', 10, NULL, 2, '2025-01-06', '2025-01-06 09:00:00', '2025-01-10 09:00:00', '2025-01-26 09:00:00', '2025-01-26 09:05:00', '2025-02-06', 1000, 200, 1200, 1, '2025-01-26 09:00:00', 1),
  (71, 'PR71', 11, NULL, 3, '2025-01-07', '2025-01-07 09:00:00', '2025-01-12 09:00:00', NULL, '2025-02-01 09:00:00', '2025-02-07', 400, 80, 480, 1, '2025-02-01 09:00:00', 1),
  (72, 'PR72', 11, NULL, 0, '2025-02-10', '2025-02-10 09:00:00', NULL, NULL, NULL, '2025-03-10', 90, 18, 108, 1, '2025-02-10 09:00:00', 1),
  (73, 'PR73', 10, NULL, 4, '2025-02-01', '2025-02-01 09:00:00', '2025-02-02 09:00:00', NULL, '2025-02-11 09:00:00', '2025-03-01', 200, 40, 240, 1, '2025-03-01 09:00:00', 1),
  (74, 'PR74', 13, NULL, 2, '2025-01-06', '2025-01-06 09:00:00', NULL, NULL, NULL, NULL, 9999, 0, 9999, 4, '2025-01-06 09:00:00', 2);
CREATE TABLE llx_commande(rowid INT, ref VARCHAR(30), fk_soc INT, fk_projet INT, fk_statut INT, date_commande DATE, date_creation DATETIME, total_ht DECIMAL(24,8), total_tva DECIMAL(24,8), total_ttc DECIMAL(24,8), fk_user_author INT, tms DATETIME, entity INT);
INSERT INTO llx_commande VALUES (80, 'CO80', 10, NULL, 1, '2025-01-27', '2025-01-27 09:00:00', 1000, 200, 1200, 3, '2025-01-27 09:00:00', 1), (81, 'CO81', 11, NULL, -1, '2025-01-28', '2025-01-28 09:00:00', 70, 14, 84, 3, '2025-01-29 09:00:00', 1);
CREATE TABLE llx_commandedet(rowid INT, fk_commande INT, rang INT, fk_product INT, qty DECIMAL(10,2), subprice DECIMAL(24,8), remise_percent DECIMAL(5,2), total_ht DECIMAL(24,8), product_type INT);
INSERT INTO llx_commandedet VALUES (1, 80, 1, 50, 5, 250, 20, 1000, 0);
-- 90 a deposit of 300; 91 the invoice of 1000 that takes it off; 92 a credit note of 100 on 91, which 93 (200) is paid with; 94 abandoned and replaced by 95; 96 pro forma; 97 a draft; 98 a bad debt; 99 of another company.
CREATE TABLE llx_facture(rowid INT, ref VARCHAR(30), fk_soc INT, fk_projet INT, type INT, fk_statut INT, close_code VARCHAR(16), datef DATE, total_ht DECIMAL(24,8), total_tva DECIMAL(24,8), total_ttc DECIMAL(24,8), fk_facture_source INT, fk_user_author INT, tms DATETIME, entity INT);
INSERT INTO llx_facture VALUES (90, 'AC90', 10, NULL, 3, 2, NULL, '2025-01-28', 300, 60, 360, NULL, 3, '2025-01-28 09:00:00', 1), (91, 'FA91', 10, NULL, 0, 1, NULL, '2025-02-10', 700, 140, 840, NULL, 3, '2025-02-10 09:00:00', 1),
  (92, 'AV92', 10, NULL, 2, 1, NULL, '2025-02-20', -100, -20, -120, 91, 3, '2025-02-20 09:00:00', 1), (93, 'FA93', 10, NULL, 0, 2, NULL, '2025-03-01', 100, 20, 120, NULL, 3, '2025-03-01 09:00:00', 1),
  (94, 'FA94', 11, NULL, 0, 3, 'replaced', '2025-03-02', 500, 100, 600, NULL, 3, '2025-03-05 09:00:00', 1), (95, 'FA95', 11, NULL, 1, 1, NULL, '2025-03-05', 500, 100, 600, 94, 3, '2025-03-05 09:00:00', 1),
  (96, 'PF96', 11, NULL, 4, 1, NULL, '2025-03-05', 500, 100, 600, NULL, 3, '2025-03-05 09:00:00', 1), (97, 'PROV97', 11, NULL, 0, 0, NULL, '2025-03-06', 33, 7, 40, NULL, 3, '2025-03-06 09:00:00', 1),
  (98, 'FA98', 11, NULL, 0, 3, 'badcustomer', '2025-03-06', 50, 10, 60, NULL, 3, '2025-03-07 09:00:00', 1), (99, 'FA99', 13, NULL, 0, 1, NULL, '2025-03-06', 7777, 0, 7777, NULL, 4, '2025-03-07 09:00:00', 2);
CREATE TABLE llx_facturedet(rowid INT, fk_facture INT, rang INT, fk_product INT, qty DECIMAL(10,2), subprice DECIMAL(24,8), remise_percent DECIMAL(5,2), total_ht DECIMAL(24,8), product_type INT, fk_remise_except INT);
INSERT INTO llx_facturedet VALUES (1, 90, 1, 0, 1, 300, 0, 300, 0, NULL), (2, 91, 1, 50, 5, 250, 20, 1000, 0, NULL), (3, 91, 2, NULL, 1, -300, 0, -300, 0, 1), (4, 92, 1, 50, 1, -100, 0, -100, 0, NULL),
  (5, 93, 1, 51, 1, 200, 0, 200, 1, NULL), (6, 93, 2, NULL, 1, -100, 0, -100, 0, 2), (7, 95, 1, 50, 2, 250, 0, 500, 0, NULL);
CREATE TABLE llx_societe_remise_except(rowid INT, fk_facture_source INT);
INSERT INTO llx_societe_remise_except VALUES (1, 90), (2, 92);
CREATE TABLE llx_contrat(rowid INT, fk_soc INT, entity INT);
INSERT INTO llx_contrat VALUES (5, 10, 1);
-- A year at 1200, one that nobody opened, and one of a product without a duration, closed.
CREATE TABLE llx_contratdet(rowid INT, fk_contrat INT, fk_product INT, statut INT, date_ouverture DATETIME, date_cloture DATETIME, date_fin_validite DATETIME, qty DECIMAL(10,2), total_ht DECIMAL(24,8));
INSERT INTO llx_contratdet VALUES (1, 5, 51, 4, '2025-02-01 10:00:00', NULL, '2026-02-01 10:00:00', 1, 1200), (2, 5, 51, 0, NULL, NULL, NULL, 1, 1200), (3, 5, 50, 5, '2025-01-01 10:00:00', '2025-03-01 10:00:00', NULL, 1, 10);
