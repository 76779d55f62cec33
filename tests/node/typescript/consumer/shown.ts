import { GROUPS, PLAN_PRICES, gifts, plans } from '@acme/catalog';
import { gifts as giftConfig } from '@acme/catalog/config/gifts.config';
plans.starter;
PLAN_PRICES.plan_starter_monthly;
GROUPS.all;
gifts.card;
giftConfig.card;
