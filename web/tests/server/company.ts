/**
 * The recorded company: what its server would answer, written by hand from docs/api.md. Twenty-four months, December 2024 to
 * November 2026; the data ends on Sunday 22 November 2026, so the last month is open. No rule of Vigie is in here: these
 * are answers to draw, not a second engine.
 */
import type { Direction, KpiDefinition, Text, Unit, Workspace } from '../../src/lib/api/types.ts';

export const kFirstMonth = '2024-12-01';
export const kAsOf = '2026-11-22T23:00:00Z';
export const kDataTo = '2026-11-23';

export interface Series {
  id: string;
  label: Text;
  description: Text;
  formula: Text;
  unit: Unit;
  direction: Direction;
  /** One value a month from December 2024. */
  months: number[];
  /** Half the width of the interval, in the unit of the value; null: a fact, no interval. */
  margin: number | null;
  /** Units in the denominator of one month. */
  n: number;
  /** A total is the sum of its months, else their mean. */
  additive?: boolean;
  /** Two populations that are never one rate: the total is of the customers under contract. */
  apart?: boolean;
  variants?: { id: string; label: Text }[];
}

// prettier-ignore
export const kSeries: Series[] = [
  {
    id: 'conversion_rate', unit: 'rate', direction: 'up', margin: 0.013, n: 634,
    label: { en: 'Conversion rate', fr: 'Taux de conversion' },
    description: {
      en: 'Of the leads that entered in the period, the share that became paying customers within 90 days, over the leads whose 90 days are over.',
      fr: 'Parmi les leads entrés dans la période, la part devenue cliente payante sous 90 jours, sur les leads dont les 90 jours sont écoulés.',
    },
    formula: { en: 'converted within 90 days ÷ leads whose window has closed', fr: 'convertis sous 90 jours ÷ leads dont la fenêtre est close' },
    months: [0.098, 0.099, 0.096, 0.101, 0.104, 0.1, 0.103, 0.107, 0.105, 0.106, 0.104, 0.102, 0.103, 0.105, 0.109, 0.114, 0.112, 0.11, 0.115, 0.113, 0.103, 0.1, 0.098, 0.092],
    variants: [
      { id: 'win_rate', label: { en: 'Win rate', fr: 'Taux de gain' } },
      { id: 'created_to_date', label: { en: 'Converted to date', fr: 'Convertis à ce jour' } },
    ],
  },
  {
    id: 'average_sale', unit: 'money', direction: 'up', margin: 290, n: 45,
    label: { en: 'Average sale value', fr: 'Panier moyen' },
    description: {
      en: 'Amount of the orders placed in the period, after discounts, before tax, shipping and returns, divided by their number.',
      fr: 'Montant des commandes passées dans la période, après remises, hors taxes, port et retours, divisé par leur nombre.',
    },
    formula: { en: 'amount of orders ÷ number of orders', fr: 'montant des commandes ÷ nombre de commandes' },
    months: [8310, 8420, 8350, 8290, 8460, 8520, 8480, 8610, 8550, 8490, 8630, 8700, 8560, 8470, 8620, 8730, 8690, 8810, 8760, 8850, 8790, 8830, 8867, 9156],
    variants: [{ id: 'median', label: { en: 'Median sale', fr: 'Panier médian' } }],
  },
  {
    id: 'sales_cycle', unit: 'days', direction: 'down', margin: 4, n: 41,
    label: { en: 'Sales cycle', fr: 'Cycle de vente' },
    description: {
      en: 'Median number of days from first contact to close, for the deals won in the period.',
      fr: 'Nombre médian de jours du premier contact à la signature, pour les affaires gagnées dans la période.',
    },
    formula: { en: 'median of (close − first contact)', fr: 'médiane de (signature − premier contact)' },
    months: [38, 37, 38, 36, 37, 36, 35, 36, 35, 34, 35, 36, 35, 36, 35, 34, 33, 34, 33, 34, 34, 35, 35, 41],
  },
  {
    id: 'churn_rate', unit: 'rate', direction: 'down', apart: true, margin: 0.004, n: 1043,
    label: { en: 'Churn', fr: 'Attrition' },
    description: {
      en: 'Customers active when the period opens and no longer active when it closes, over the customers active when it opens.',
      fr: 'Clients actifs à l’ouverture de la période et qui ne le sont plus à sa clôture, sur les clients actifs à l’ouverture.',
    },
    formula: { en: 'lost ÷ active at the opening', fr: 'perdus ÷ actifs à l’ouverture' },
    months: [0.026, 0.025, 0.026, 0.024, 0.025, 0.024, 0.025, 0.023, 0.024, 0.023, 0.024, 0.023, 0.024, 0.025, 0.023, 0.022, 0.023, 0.022, 0.022, 0.023, 0.021, 0.022, 0.021, 0.019],
    variants: [{ id: 'leavers_over_opening_plus_new', label: { en: 'Over opening and new', fr: 'Sur ouverture et nouveaux' } }],
  },
  {
    id: 'cac', unit: 'money', direction: 'down', margin: null, n: 512,
    label: { en: 'Customer acquisition cost (CAC)', fr: 'Coût d’acquisition client (CAC)' },
    description: {
      en: 'All sales and marketing cost over the new paying customers, twelve months up to the end of the period.',
      fr: 'Tous les coûts commerciaux et marketing rapportés aux nouveaux clients payants, sur douze mois jusqu’à la fin de la période.',
    },
    formula: { en: 'sales and marketing cost ÷ new customers', fr: 'coûts commerciaux et marketing ÷ nouveaux clients' },
    months: [3380, 3360, 3350, 3370, 3340, 3310, 3320, 3290, 3280, 3300, 3270, 3260, 3240, 3250, 3210, 3190, 3200, 3170, 3150, 3160, 3130, 3110, 3080, 2960],
  },
  {
    id: 'retention_rate', unit: 'rate', direction: 'up', apart: true, margin: 0.004, n: 1043,
    label: { en: 'Retention', fr: 'Rétention' },
    description: {
      en: 'Customers active when the period opens who still are when it closes: one minus churn, over the same customers.',
      fr: 'Clients actifs à l’ouverture qui le sont toujours à la clôture : un moins l’attrition, sur les mêmes clients.',
    },
    formula: { en: '1 − churn', fr: '1 − attrition' },
    months: [0.974, 0.975, 0.974, 0.976, 0.975, 0.976, 0.975, 0.977, 0.976, 0.977, 0.976, 0.977, 0.976, 0.975, 0.977, 0.978, 0.977, 0.978, 0.978, 0.977, 0.979, 0.978, 0.979, 0.981],
  },
  {
    id: 'nps', unit: 'score', direction: 'up', margin: 9, n: 212,
    label: { en: 'Net Promoter Score', fr: 'Net Promoter Score' },
    description: {
      en: 'Share of answers 9 and 10 minus share of answers 0 to 6, latest answer of each respondent.',
      fr: 'Part des réponses 9 et 10 moins part des réponses 0 à 6, dernière réponse de chaque répondant.',
    },
    formula: { en: 'promoters − detractors, in points', fr: 'promoteurs − détracteurs, en points' },
    months: [33, 34, 36, 35, 37, 36, 38, 37, 39, 38, 38, 39, 38, 41, 39, 42, 44, 43, 42, 44, 43, 41, 42, 46],
  },
  {
    id: 'revenue_per_employee', unit: 'money', direction: 'up', margin: null, n: 37,
    label: { en: 'Revenue per employee', fr: 'Chiffre d’affaires par employé' },
    description: {
      en: 'Revenue of the twelve complete months up to the period, over the mean of their month-end full-time equivalents.',
      fr: 'Chiffre d’affaires des douze mois complets jusqu’à la période, sur la moyenne de leurs équivalents temps plein en fin de mois.',
    },
    formula: { en: 'revenue over 12 months ÷ mean full-time equivalents', fr: 'chiffre d’affaires sur 12 mois ÷ équivalents temps plein moyens' },
    months: [118200, 118900, 119400, 119100, 119800, 120600, 121000, 121500, 121300, 122200, 122800, 123100, 123500, 123400, 124800, 125600, 126000, 126900, 127400, 127300, 128100, 127800, 128200, 137000],
  },
  {
    id: 'ltv', unit: 'money', direction: 'up', margin: 1240, n: 1043,
    label: { en: 'Lifetime value (LTV)', fr: 'Valeur vie client (LTV)' },
    description: {
      en: 'Margin that a customer has brought since the first order, per customer, by acquisition cohort.',
      fr: 'Marge apportée par un client depuis sa première commande, par client, selon la cohorte d’acquisition.',
    },
    formula: { en: 'cumulated margin ÷ customers', fr: 'marge cumulée ÷ clients' },
    months: [9900, 9980, 10020, 10100, 10150, 10240, 10200, 10310, 10390, 10450, 10480, 10520, 10560, 10640, 10690, 10720, 10810, 10850, 10930, 10990, 11040, 11110, 11185, 11420],
  },
  {
    id: 'channel_roi', unit: 'rate', direction: 'up', margin: null, n: 512,
    label: { en: 'Channel ROI', fr: 'ROI des canaux' },
    description: {
      en: 'Attributed margin of the first twelve months less spend, over spend. Attribution: last touch that is not direct.',
      fr: 'Marge attribuée des douze premiers mois moins dépense, sur dépense. Attribution : dernier contact non direct.',
    },
    formula: { en: '(attributed margin − spend) ÷ spend', fr: '(marge attribuée − dépense) ÷ dépense' },
    months: [1.42, 1.45, 1.44, 1.47, 1.43, 1.5, 1.48, 1.52, 1.5, 1.49, 1.55, 1.53, 1.5, 1.54, 1.52, 1.58, 1.49, 1.47, 1.55, 1.53, 1.62, 1.66, 1.71, 1.87],
  },
  {
    id: 'revenue', unit: 'money', direction: 'up', margin: null, n: 58, additive: true,
    label: { en: 'Revenue', fr: 'Chiffre d’affaires' },
    description: {
      en: 'Sales of the period, net of tax, less the refunds dated in it.',
      fr: 'Ventes de la période hors taxes, moins les remboursements datés dans la période.',
    },
    formula: { en: 'sales − refunds', fr: 'ventes − remboursements' },
    months: [337400, 311200, 326500, 351800, 371200, 366100, 389300, 380400, 335200, 421300, 437100, 449600, 402100, 371300, 388100, 431500, 446900, 439400, 473200, 456200, 398600, 498300, 524400, 412300],
  },
];

export interface Split {
  value: string | null;
  /** Multiplies the company's value. */
  factor: number;
  /** Share of its units. */
  share: number;
  others?: boolean;
}

export const kSplits: Record<string, Split[]> = {
  channel: [
    { value: 'seo', factor: 1.18, share: 0.31 },
    { value: 'paid_search', factor: 0.96, share: 0.24 },
    { value: 'partners', factor: 1.31, share: 0.17 },
    { value: 'paid_social', factor: 0.62, share: 0.14 },
    { value: 'events', factor: 0.9, share: 0.02 },
    { value: null, factor: 0.78, share: 0.06 },
    { value: null, factor: 0.84, share: 0.06, others: true },
  ],
  country: [
    { value: 'FR', factor: 1.03, share: 0.68 },
    { value: 'BE', factor: 0.97, share: 0.21 },
    { value: 'CH', factor: 0.88, share: 0.11 },
  ],
};

export const kWorkspace: Workspace = {
  name: 'atelier',
  company: 'Atelier Nord',
  currency: 'EUR',
  time_zone: 'Europe/Paris',
  week_start: 'monday',
  fiscal_start: '01-01',
  profile: ['deals', 'shop', 'subscription'],
  as_of: kAsOf,
  data_from: kFirstMonth,
  data_to: kDataTo,
  dimensions: [
    { id: 'channel', label: { en: 'Channel', fr: 'Canal' }, kpis: kSeries.slice(0, 10).map(({ id }) => id) },
    { id: 'country', label: { en: 'Country', fr: 'Pays' }, kpis: kSeries.slice(0, 10).map(({ id }) => id) },
    { id: 'stage', label: { en: 'Stage', fr: 'Étape' }, kpis: ['sales_cycle'] },
    { id: 'email', label: { en: 'E-mail', fr: 'E-mail' }, kpis: [] },
  ],
  lead_kpis: [
    'conversion_rate',
    'average_sale',
    'sales_cycle',
    'churn_rate',
    'cac',
    'retention_rate',
    'nps',
    'revenue_per_employee',
    'ltv',
    'channel_roi',
  ],
  version: '0.1.0',
};

export const kCatalogue: KpiDefinition[] = kSeries.map(
  ({ id, label, description, formula, unit, direction, variants }) => ({
    id,
    label,
    description,
    unit,
    direction,
    version: 1,
    effective_from: '2024-01-01',
    owner: 'Direction commerciale',
    variants: [{ id: 'default', label, words: formula }, ...(variants ?? [])],
  }),
);
