/** That no two parts listen on one port. */
@NullMarked
package org.consentgateway.settings.listen;

import org.jspecify.annotations.NullMarked;
