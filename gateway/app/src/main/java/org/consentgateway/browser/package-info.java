/**
 * The demonstration's page by which a browser calls: a real SIP call from this process to its own
 * SIP port, and what is said, understood and recorded in it.
 */
@NullMarked
package org.consentgateway.browser;

import org.jspecify.annotations.NullMarked;
