/** What another reading of the configuration changes while a gateway runs. */
@NullMarked
package org.consentgateway.settings.reload;

import org.jspecify.annotations.NullMarked;
