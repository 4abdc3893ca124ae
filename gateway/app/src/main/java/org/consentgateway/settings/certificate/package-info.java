/** Until when the certificates hold that the configuration names. */
@NullMarked
package org.consentgateway.settings.certificate;

import org.jspecify.annotations.NullMarked;
