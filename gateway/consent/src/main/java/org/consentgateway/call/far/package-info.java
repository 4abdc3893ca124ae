/**
 * Whom a caller can be joined to: an assistant, which needs a grant, or a person, who needs none.
 */
@NullMarked
package org.consentgateway.call.far;

import org.jspecify.annotations.NullMarked;
