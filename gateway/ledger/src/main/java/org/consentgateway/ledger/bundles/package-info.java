/**
 * Entries of which the store keeps the leaf alone: their files (C2SP tlog-tiles), and what of them
 * is looked at by those who read a log.
 */
@NullMarked
package org.consentgateway.ledger.bundles;

import org.jspecify.annotations.NullMarked;
