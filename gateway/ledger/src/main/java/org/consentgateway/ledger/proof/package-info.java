/** What proves and what checks: receipts, and the verification of a log, an export or a receipt. */
@NullMarked
package org.consentgateway.ledger.proof;

import org.jspecify.annotations.NullMarked;
