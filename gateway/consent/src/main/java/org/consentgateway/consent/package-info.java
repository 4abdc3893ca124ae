/** The domain of consent, pure Java: what was asked, answered and for how long it holds. */
@NullMarked
package org.consentgateway.consent;

import org.jspecify.annotations.NullMarked;
