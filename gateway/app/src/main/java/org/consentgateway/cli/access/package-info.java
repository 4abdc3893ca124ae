/** Keys of those who may ask over the API: issued, listed, revoked. */
@NullMarked
package org.consentgateway.cli.access;

import org.jspecify.annotations.NullMarked;
