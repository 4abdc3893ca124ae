/**
 * Others who see each checkpoint and say so: those of our logs, and being one for logs of others.
 */
@NullMarked
package org.consentgateway.ledger.witness;

import org.jspecify.annotations.NullMarked;
