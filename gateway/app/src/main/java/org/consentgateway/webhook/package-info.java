/**
 * Tells other systems what has happened: Standard Webhooks 1.0 with CloudEvents 1.0 in them, from
 * the ledger's outbox.
 */
@NullMarked
package org.consentgateway.webhook;

import org.jspecify.annotations.NullMarked;
