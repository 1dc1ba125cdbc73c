import { Admin, CustomRoutes, Resource } from 'react-admin';
import { Route } from 'react-router-dom';
import { AcceptInvitation } from './account/AcceptInvitation.tsx';
import { ChooseCommunity } from './account/ChooseCommunity.tsx';
import { ProfilePage } from './account/ProfilePage.tsx';
import { ForgotPassword, ResetPassword } from './account/Password.tsx';
import { SignIn } from './account/SignIn.tsx';
import { SignUp } from './account/SignUp.tsx';
import { VerifyEmail } from './account/VerifyEmail.tsx';
import accounts from './accounts/index.ts';
import audit from './audit/index.ts';
import { authProvider } from './authProvider.ts';
import categories from './categories/index.ts';
import coinage, { mints } from './coinage/index.ts';
import { NewCommunity } from './communities/NewCommunity.tsx';
import settings from './communities/index.ts';
import demurrage from './demurrage/index.ts';
import { Dashboard } from './dashboard/Dashboard.tsx';
import { dataProvider } from './dataProvider.ts';
import imports from './imports/index.ts';
import invitations from './invitations/index.ts';
import journal from './journal/index.ts';
import { ConsoleLayout } from './layout/ConsoleLayout.tsx';
import listings from './listings/index.ts';
import members from './members/index.ts';
import { messages } from './messages.ts';
import karma from './reputation/index.ts';
import synonyms from './synonyms/index.ts';
import { kithTheme } from './theme.ts';
import treasury from './treasury/index.ts';
import understanding from './understanding/index.ts';
import { PlatformPage } from './understanding/PlatformPage.tsx';
import trades, { disputes } from './trades/index.ts';

const [light, dark] = [kithTheme('light'), kithTheme('dark')];

/** The operators' console, and the pages that mails lead to. */
export const App = () => (
  <Admin
    title="Kith"
    authProvider={authProvider}
    dataProvider={dataProvider}
    i18nProvider={messages}
    layout={ConsoleLayout}
    loginPage={SignIn}
    dashboard={Dashboard}
    theme={light}
    darkTheme={dark}
    requireAuth
    disableTelemetry
  >
    {[
      members,
      invitations,
      listings,
      categories,
      synonyms,
      understanding,
      trades,
      disputes,
      accounts,
      journal,
      demurrage,
      treasury,
      coinage,
      mints,
      karma,
      imports,
      audit,
      settings,
    ].map((resource) => (
      <Resource key={resource.name} {...resource} />
    ))}
    <CustomRoutes>
      <Route path="/account" element={<ProfilePage />} />
    </CustomRoutes>
    <CustomRoutes noLayout>
      <Route path="/sign-up" element={<SignUp />} />
      <Route path="/verify-email" element={<VerifyEmail />} />
      <Route path="/forgot-password" element={<ForgotPassword />} />
      <Route path="/reset-password" element={<ResetPassword />} />
      <Route path="/invitation" element={<AcceptInvitation />} />
      <Route path="/communities" element={<ChooseCommunity />} />
      <Route path="/new-community" element={<NewCommunity />} />
      <Route path="/platform" element={<PlatformPage />} />
    </CustomRoutes>
  </Admin>
);
