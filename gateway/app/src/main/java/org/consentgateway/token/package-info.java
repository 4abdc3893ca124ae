/**
 * A consent that others can check without us: signed tokens, the keys they are checked by, and
 * lists of those that no longer hold.
 */
@NullMarked
package org.consentgateway.token;

import org.jspecify.annotations.NullMarked;
