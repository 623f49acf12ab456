// antd's icons, silent: they call themselves "reload" or "disconnect" to screen readers, in English, beside our own words.
// One that speaks for itself is given an aria-label.
import {
  CloseCircleFilled as CloseCircleFilledIcon,
  PrinterOutlined as PrinterOutlinedIcon,
  PhoneOutlined as PhoneOutlinedIcon,
  MailOutlined as MailOutlinedIcon,
  EnvironmentOutlined as EnvironmentOutlinedIcon,
  PushpinOutlined as PushpinOutlinedIcon,
  PushpinFilled as PushpinFilledIcon,
  DeleteOutlined as DeleteOutlinedIcon,
  AppstoreOutlined as AppstoreOutlinedIcon,
  CloudOutlined as CloudOutlinedIcon,
  ArrowUpOutlined as ArrowUpOutlinedIcon,
  ApartmentOutlined as ApartmentOutlinedIcon,
  ApiOutlined as ApiOutlinedIcon,
  ArrowLeftOutlined as ArrowLeftOutlinedIcon,
  BankOutlined as BankOutlinedIcon,
  CaretDownOutlined as CaretDownOutlinedIcon,
  CaretUpOutlined as CaretUpOutlinedIcon,
  CheckCircleFilled as CheckCircleFilledIcon,
  CheckCircleOutlined as CheckCircleOutlinedIcon,
  CheckOutlined as CheckOutlinedIcon,
  ClockCircleOutlined as ClockCircleOutlinedIcon,
  CloseCircleOutlined as CloseCircleOutlinedIcon,
  CloudUploadOutlined as CloudUploadOutlinedIcon,
  CopyOutlined as CopyOutlinedIcon,
  CustomerServiceOutlined as CustomerServiceOutlinedIcon,
  DesktopOutlined as DesktopOutlinedIcon,
  DisconnectOutlined as DisconnectOutlinedIcon,
  FunctionOutlined as FunctionOutlinedIcon,
  DownOutlined as DownOutlinedIcon,
  EditOutlined as EditOutlinedIcon,
  EyeOutlined as EyeOutlinedIcon,
  FileTextOutlined as FileTextOutlinedIcon,
  GlobalOutlined as GlobalOutlinedIcon,
  HistoryOutlined as HistoryOutlinedIcon,
  HomeOutlined as HomeOutlinedIcon,
  IdcardOutlined as IdcardOutlinedIcon,
  KeyOutlined as KeyOutlinedIcon,
  LinkOutlined as LinkOutlinedIcon,
  LoadingOutlined as LoadingOutlinedIcon,
  LockOutlined as LockOutlinedIcon,
  LogoutOutlined as LogoutOutlinedIcon,
  MenuFoldOutlined as MenuFoldOutlinedIcon,
  MenuUnfoldOutlined as MenuUnfoldOutlinedIcon,
  MergeCellsOutlined as MergeCellsOutlinedIcon,
  MobileOutlined as MobileOutlinedIcon,
  MoonOutlined as MoonOutlinedIcon,
  PauseCircleOutlined as PauseCircleOutlinedIcon,
  PlusOutlined as PlusOutlinedIcon,
  ReloadOutlined as ReloadOutlinedIcon,
  RightOutlined as RightOutlinedIcon,
  SafetyCertificateOutlined as SafetyCertificateOutlinedIcon,
  SaveOutlined as SaveOutlinedIcon,
  SearchOutlined as SearchOutlinedIcon,
  ShoppingOutlined as ShoppingOutlinedIcon,
  StarFilled as StarFilledIcon,
  StarOutlined as StarOutlinedIcon,
  StopOutlined as StopOutlinedIcon,
  SunOutlined as SunOutlinedIcon,
  SwapOutlined as SwapOutlinedIcon,
  TeamOutlined as TeamOutlinedIcon,
  ThunderboltOutlined as ThunderboltOutlinedIcon,
  UserOutlined as UserOutlinedIcon,
  UsergroupAddOutlined as UsergroupAddOutlinedIcon,
  WarningOutlined as WarningOutlinedIcon,
  CloseOutlined as CloseOutlinedIcon,
  FilterOutlined as FilterOutlinedIcon,
  SettingOutlined as SettingOutlinedIcon,
  ArrowDownOutlined as ArrowDownOutlinedIcon,
  DownloadOutlined as DownloadOutlinedIcon,
} from "@ant-design/icons";
import type { ComponentType, CSSProperties } from "react";

interface Props {
  className?: string;
  style?: CSSProperties;
  "aria-label"?: string;
}

const quiet = (Icon: ComponentType<object>) => (props: Props) => {
  const isSpoken = props["aria-label"] !== undefined;
  return <Icon {...{ role: isSpoken ? "img" : undefined, "aria-hidden": !isSpoken, "aria-label": undefined, ...props }} />;
};

export const ApartmentOutlined = quiet(ApartmentOutlinedIcon);
export const ApiOutlined = quiet(ApiOutlinedIcon);
export const ArrowLeftOutlined = quiet(ArrowLeftOutlinedIcon);
export const BankOutlined = quiet(BankOutlinedIcon);
export const CaretDownOutlined = quiet(CaretDownOutlinedIcon);
export const CaretUpOutlined = quiet(CaretUpOutlinedIcon);
export const CheckCircleFilled = quiet(CheckCircleFilledIcon);
export const CheckCircleOutlined = quiet(CheckCircleOutlinedIcon);
export const CheckOutlined = quiet(CheckOutlinedIcon);
export const ClockCircleOutlined = quiet(ClockCircleOutlinedIcon);
export const CloseCircleOutlined = quiet(CloseCircleOutlinedIcon);
export const CloudUploadOutlined = quiet(CloudUploadOutlinedIcon);
export const CopyOutlined = quiet(CopyOutlinedIcon);
export const CustomerServiceOutlined = quiet(CustomerServiceOutlinedIcon);
export const DesktopOutlined = quiet(DesktopOutlinedIcon);
export const DisconnectOutlined = quiet(DisconnectOutlinedIcon);
export const DownOutlined = quiet(DownOutlinedIcon);
export const EditOutlined = quiet(EditOutlinedIcon);
export const EyeOutlined = quiet(EyeOutlinedIcon);
export const FileTextOutlined = quiet(FileTextOutlinedIcon);
export const GlobalOutlined = quiet(GlobalOutlinedIcon);
export const HistoryOutlined = quiet(HistoryOutlinedIcon);
export const HomeOutlined = quiet(HomeOutlinedIcon);
export const IdcardOutlined = quiet(IdcardOutlinedIcon);
export const KeyOutlined = quiet(KeyOutlinedIcon);
export const LinkOutlined = quiet(LinkOutlinedIcon);
export const LoadingOutlined = quiet(LoadingOutlinedIcon);
export const LockOutlined = quiet(LockOutlinedIcon);
export const LogoutOutlined = quiet(LogoutOutlinedIcon);
export const MenuFoldOutlined = quiet(MenuFoldOutlinedIcon);
export const MenuUnfoldOutlined = quiet(MenuUnfoldOutlinedIcon);
export const MergeCellsOutlined = quiet(MergeCellsOutlinedIcon);
export const MobileOutlined = quiet(MobileOutlinedIcon);
export const MoonOutlined = quiet(MoonOutlinedIcon);
export const PauseCircleOutlined = quiet(PauseCircleOutlinedIcon);
export const PlusOutlined = quiet(PlusOutlinedIcon);
export const ReloadOutlined = quiet(ReloadOutlinedIcon);
export const RightOutlined = quiet(RightOutlinedIcon);
export const SafetyCertificateOutlined = quiet(SafetyCertificateOutlinedIcon);
export const SaveOutlined = quiet(SaveOutlinedIcon);
export const SearchOutlined = quiet(SearchOutlinedIcon);
export const ShoppingOutlined = quiet(ShoppingOutlinedIcon);
export const StarFilled = quiet(StarFilledIcon);
export const StarOutlined = quiet(StarOutlinedIcon);
export const StopOutlined = quiet(StopOutlinedIcon);
export const SunOutlined = quiet(SunOutlinedIcon);
export const SwapOutlined = quiet(SwapOutlinedIcon);
export const TeamOutlined = quiet(TeamOutlinedIcon);
export const FunctionOutlined = quiet(FunctionOutlinedIcon);
export const ThunderboltOutlined = quiet(ThunderboltOutlinedIcon);
export const UserOutlined = quiet(UserOutlinedIcon);
export const UsergroupAddOutlined = quiet(UsergroupAddOutlinedIcon);
export const WarningOutlined = quiet(WarningOutlinedIcon);
export const CloseCircleFilled = quiet(CloseCircleFilledIcon);
export const CloseOutlined = quiet(CloseOutlinedIcon);
export const FilterOutlined = quiet(FilterOutlinedIcon);
export const SettingOutlined = quiet(SettingOutlinedIcon);
export const PushpinOutlined = quiet(PushpinOutlinedIcon);
export const PushpinFilled = quiet(PushpinFilledIcon);
export const ArrowUpOutlined = quiet(ArrowUpOutlinedIcon);
export const ArrowDownOutlined = quiet(ArrowDownOutlinedIcon);
export const DownloadOutlined = quiet(DownloadOutlinedIcon);
export const PrinterOutlined = quiet(PrinterOutlinedIcon);
export const PhoneOutlined = quiet(PhoneOutlinedIcon);
export const MailOutlined = quiet(MailOutlinedIcon);
export const EnvironmentOutlined = quiet(EnvironmentOutlinedIcon);
export const DeleteOutlined = quiet(DeleteOutlinedIcon);
export const AppstoreOutlined = quiet(AppstoreOutlinedIcon);
export const CloudOutlined = quiet(CloudOutlinedIcon);
