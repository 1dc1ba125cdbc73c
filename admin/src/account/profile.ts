import type { ResultOf, VariablesOf } from 'gql.tada';
import { accepted, request } from '../request.ts';
import {
  CHANGE_PASSWORD,
  END_SESSION,
  PROFILE,
  SIGN_OUT_EVERYWHERE,
  UPDATE_MY_PROFILE,
  UPDATE_USER,
} from './profile.graphql.ts';

/** What a person does with their own account and their place in the chosen community. */
export type Profile = ResultOf<typeof PROFILE>;
export type Session = Profile['sessions'][number];
type Input<Document> = VariablesOf<Document> extends { input: infer I } ? I : never;

export const readProfile = () => request(PROFILE, {});

export const updateUser = async (input: Input<typeof UPDATE_USER>) => void (await request(UPDATE_USER, { input }));

export const updateMyProfile = async (input: Input<typeof UPDATE_MY_PROFILE>) =>
  void (await request(UPDATE_MY_PROFILE, { input }));

/** Sets another password; the other sessions end. */
export const changePassword = async (input: Input<typeof CHANGE_PASSWORD>) =>
  void accepted((await request(CHANGE_PASSWORD, { input })).changePassword);

export const endSession = async (id: string) => void (await request(END_SESSION, { input: { id } }));

/** Ends every session, this one too. */
export const signOutEverywhere = async () => void (await request(SIGN_OUT_EVERYWHERE, {}));
