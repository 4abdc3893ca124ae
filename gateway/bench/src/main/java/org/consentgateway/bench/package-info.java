/**
 * What the gateway costs and how steady it is, measured from outside: {@code scripts/bench}. The
 * programs that scripts start are here; what they measure is in {@code parts}, what that stands on
 * in {@code testbed}, and who calls in {@code load}.
 */
@NullMarked
package org.consentgateway.bench;

import org.jspecify.annotations.NullMarked;
