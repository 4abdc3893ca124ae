/** What the gateway costs and how steady it is, measured from outside: {@code scripts/bench}. */
@NullMarked
package org.consentgateway.bench;

import org.jspecify.annotations.NullMarked;
