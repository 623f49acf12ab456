// A dialog in which a person looks what would become of customers, and does it; what goes wrong is told in it.
import { Button, Modal } from "antd";
import type { ReactNode } from "react";
import { useAct } from "../../design/act";
import { FormFailure } from "../../design/FormFailure";
import { useCustomerText } from "./texts";
import "./decide.css";

interface Props {
  title: string;
  width: number;
  act: string;
  isPossible: boolean;
  run: () => Promise<void>;
  onClose: () => void;
  back?: { label: string; onBack: () => void };
  children: ReactNode;
}

export function DecisionDialog({ title, width, act, isPossible, run, onClose, back, children }: Props) {
  const { say } = useCustomerText();
  const decision = useAct(run);
  return (
    <Modal
      open
      title={title}
      width={width}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={back?.onBack ?? onClose}>{back?.label ?? say("act.cancel")}</Button>
          <Button type="primary" disabled={!isPossible} loading={decision.isBusy} onClick={decision.run}>
            {act}
          </Button>
        </>
      }
    >
      <FormFailure failure={decision.failure} />
      {children}
    </Modal>
  );
}
