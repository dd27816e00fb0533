// Mappings for the webhooks of real shops, as an operator would write them.
import type { Mapping } from '../../server/ingest/mapping.ts'

export const STRIPE: Mapping = {
  event: {
    pointer: '/type',
    table: { 'checkout.session.completed': 'purchase', 'checkout.session.expired': 'checkout_expired' },
  },
  userId: '/data/object/client_reference_id',
  email: '/data/object/customer_details/email',
  messageId: '/id',
  timestamp: '/created',
  properties: {
    revenue: { pointer: '/data/object/amount_total', times: 0.01 },
    currency: '/data/object/currency',
    product: '/data/object/metadata/product',
  },
}

/** Charges carry the address somewhere else, so they are a source of their own. */
export const STRIPE_CHARGES: Mapping = {
  when: { pointer: '/type', value: 'charge.succeeded' },
  event: 'charged',
  email: '/data/object/billing_details/email',
  messageId: '/id',
  timestamp: '/created',
  properties: { revenue: { pointer: '/data/object/amount', times: 0.01 } },
}

export const SHOPIFY: Mapping = {
  event: { header: 'X-Shopify-Topic', table: { 'orders/create': 'purchase' } },
  userId: '/customer/id',
  email: '/email',
  messageId: '/admin_graphql_api_id',
  timestamp: '/created_at',
  properties: {
    order: '/id',
    revenue: { pointer: '/total_price', as: 'number' },
    quantity: '/line_items/0/quantity',
    product: '/line_items/0/title',
  },
  traits: { firstName: '/customer/first_name', lastName: '/customer/last_name' },
}

/** One call for each line of an order. */
export const SHOPIFY_LINES: Mapping = {
  each: '/line_items',
  event: 'product_bought',
  email: '#/email',
  timestamp: '#/created_at',
  properties: { product: '/title', price: { pointer: '/price', as: 'number' }, order: '#/name' },
}
