/** Which nodes of a store live, what goes on at each, and what is left of those that died. */
@NullMarked
package org.consentgateway.ledger.nodes;

import org.jspecify.annotations.NullMarked;
